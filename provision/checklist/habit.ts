/** What a command does by the look of it, and where that belongs. */
export type Habit = { where: "main" | "both"; why: string };

type Rule = Habit & { says: RegExp };

/** The first that knows a word of the command. Whole words, in small letters, without folders. */
const rules: readonly Rule[] = [
  {
    says: /^(pawl|openclaw|clawdbot|moltbot)(-|$)|^worker-poll$/,
    where: "main",
    why: "is part of the main agent's own life",
  },
  {
    says: /^(restic|borg|borgmatic|duplicity|rsnapshot|duply|kopia|tarsnap|rclone|pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump)$|back-?up/,
    where: "main",
    why: "backs up what is on this machine; a worker keeps nothing that is not in the repository",
  },
  {
    says: /^(certbot|acme\.sh|lego|dehydrated|getssl)$/,
    where: "main",
    why: "renews certificates of names that lead to this machine",
  },
  {
    says: /^(fetchmail|getmail|mbsync|offlineimap|imapfilter|isync|sa-learn|mutt|mail|sendmail)$/,
    where: "main",
    why: "handles a person's mail, which is here",
  },
  {
    says: /^(mysql|mariadb|psql|sqlite3|redis-cli|mongo|mongosh|docker|docker-compose|podman|kubectl)$/,
    where: "main",
    why: "works with data or services that run here",
  },
  {
    says: /^(rsync|scp|sftp|lftp|unison|syncthing)$/,
    where: "main",
    why: "copies files of this machine",
  },
  {
    says: /^(telegraf|node_exporter|monit|netdata|munin-node|munin-cron|zabbix_agentd|nagios|smartctl|smartd|healthchecks|uptime-kuma|vnstat)$|^check_/,
    where: "both",
    why: "watches the machine that it runs on: a worker wants that too",
  },
  {
    says: /^(apt|apt-get|aptitude|apt-compat|apt\.systemd\.daily|unattended-upgrade|unattended-upgrades|dnf|yum|zypper|snap|flatpak|freshclam|needrestart)$/,
    where: "both",
    why: "keeps the system up to date: a worker does that by itself",
  },
  {
    says: /^(logrotate|tmpreaper|tmpwatch|fstrim|updatedb|plocate|mlocate|man-db|mandb|e2scrub_all|e2scrub_all_cron|debian-sa1|sa1|sa2|sysstat|anacron|run-parts|dpkg|ntpdate|chronyd|fake-hwclock|journalctl|systemd-tmpfiles|passwd|popularity-contest|mdadm|ldconfig)$/,
    where: "both",
    why: "is housekeeping of the machine that it runs on: a worker's system brings its own",
  },
];

export function habitOf(command: string): Habit | undefined {
  // What stands further behind tells little, and a stranger may have written any amount.
  const words = command
    .slice(0, 4000)
    .toLowerCase()
    .split(/[^\w.+-]+/);
  const known = rules.find(({ says }) => words.some((word) => says.test(word)));
  return known && { where: known.where, why: known.why };
}
