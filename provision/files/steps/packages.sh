# The first boot installs things itself, and upgrades may begin at any time: both are waited for, never pushed aside.
patience=${patience_seconds:-600}
# Ubuntu would restart services after each package.
export NEEDRESTART_SUSPEND=1

holder() {
  for lock in /var/lib/dpkg/lock-frontend /var/lib/dpkg/lock /var/lib/apt/lists/lock /var/cache/apt/archives/lock; do
    inode=$(stat -c %i "$lock" 2>/dev/null) || continue
    pid=$(awk -v inode="$inode" '{ split($6, at, ":"); if (at[3] == inode && $5 > 0) { print $5; exit } }' /proc/locks)
    [ -n "$pid" ] || continue
    printf '%s (process %s) holds %s' "$(tr -s '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c 1-80 | sed 's/ *$//')" "$pid" "$lock"
    return
  done
  printf 'another apt was at work'
}

if command -v cloud-init >/dev/null 2>&1 && [ ! -e /run/cloud-init/disabled ]; then
  timeout "$patience" cloud-init status --wait >/dev/null 2>&1 ||
    [ "$?" -ne 124 ] || stop "$BOOT_FAILED" "cloud-init had not ended after $patience s"
fi

# The time limit of apt covers the locks of dpkg, not the one of its lists.
began=$(cut -d. -f1 /proc/uptime)
patiently() {
  while :; do
    said=$("$@" 2>&1) && { printf '%s\n' "$said"; return; }
    case $said in
      *"Could not get lock"* | *"Unable to lock"* | *"is another process using it"*) ;;
      *)
        printf '%s\n' "$said" >&2
        case $said in *"o space left on device"* | *"enough free space"*) stop "$LOW_DISK" "apt found no room on the disk" ;; esac
        return 1
        ;;
    esac
    now=$(cut -d. -f1 /proc/uptime)
    [ $((now - began)) -lt "$patience" ] || stop "$APT_LOCKED" "after $patience s $(holder)"
    echo "waiting: $(holder)"
    sleep 3
  done
}

dpkg --audit | grep -q . && patiently dpkg --configure -a
apt_get() {
  patiently apt-get -q -y -o DPkg::Lock::Timeout=$((patience < 30 ? patience : 30)) -o Dpkg::Use-Pty=0 \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}
install() { apt_get install --no-install-recommends "$@"; }
# Fresh images come without lists, and old lists name packages that are gone.
with_packages install || {
  apt_get update || stop "$STEP_FAILED" "apt-get update failed: the machine does not reach its package mirror"
  with_packages install || stop "$STEP_FAILED" "apt-get could not install the packages"
}
