# Prints one JSON object with what `machineFacts` of facts.ts asks for. Every machine that can be reached has to be able to
# answer, a bare one too: what is missing is left out. Few processes, since a small machine starts some 200 a second.
set -u
umask 077
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
has() { command -v "$1" >/dev/null 2>&1; }

# to_json PROGRAM [FILE...]: awk with a function that makes a JSON string of any text. Bytes that are no UTF-8 stay as they
# are; whoever decodes them sees to that.
to_json() {
  program=$1
  shift
  awk -v up="$up" -v work="$work" '
    function json(text,   out, i, c) {
      if (text !~ /["\\\001-\037\177]/) return "\"" text "\""
      for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        out = out (c in escape ? escape[c] : c)
      }
      return "\"" out "\""
    }
    BEGIN {
      for (code = 1; code < 32; code++) escape[sprintf("%c", code)] = sprintf("\\u%04x", code)
      escape[sprintf("%c", 127)] = "\\u007f"
      escape["\""] = "\\\""
      escape["\\"] = "\\\\"
    }
    '"$program" "$@"
}
# One string of all lines.
string='{ all = all (NR > 1 ? "\n" : "") $0 } END { printf "%s", json(all) }'
# An array with a string for each line.
strings='{ printf "%s%s", (NR > 1 ? "," : "["), json($0) } END { printf "%s", NR ? "]" : "[]" }'
read -r up _ </proc/uptime
up=${up%.*}

# What takes long goes on beside the rest.
ask_repository() {
  [ -n "$remote" ] && has git && [ -e "$deploy_key" ] && id -u "$user" >/dev/null 2>&1 || return 0
  ssh="ssh -F /dev/null -i $deploy_key -o IdentitiesOnly=yes -o BatchMode=yes -o ConnectTimeout=8"
  ssh="$ssh -o StrictHostKeyChecking=yes -o UserKnownHostsFile=$known_hosts -o GlobalKnownHostsFile=/dev/null"
  # Its work folder is root's alone: the user's git writes into pipes that are open already.
  timeout 10 setpriv --reuid "$user" --regid "$user" --init-groups \
    env -i PATH="$PATH" HOME="$home" LC_ALL=C GIT_TERMINAL_PROMPT=0 GIT_SSH_COMMAND="$ssh" \
    git ls-remote -- "$remote" "$ref" >"$work/heads" 2>"$work/refusal" </dev/null
  status=$?
  if [ "$status" -eq 0 ]; then
    printf '{"head":"%s"}' "$(head -n 1 "$work/heads" | cut -f 1 | tr -cd '0-9a-f')"
    return
  fi
  [ "$status" -ne 124 ] || echo "no answer within 10 s" >>"$work/refusal"
  printf '{"refused":%s}' "$(tail -n 5 "$work/refusal" | tr -d '\000' | to_json "$string")"
}
try_bwrap() {
  has bwrap || { printf absent; return; }
  who=$user
  id -u "$who" >/dev/null 2>&1 || who=nobody
  if timeout 5 setpriv --reuid "$who" --regid "$(id -g "$who")" --clear-groups \
    bwrap --unshare-user --unshare-pid --ro-bind / / --dev /dev --proc /proc true >/dev/null 2>&1 </dev/null; then
    printf works
  else
    printf refused
  fi
}
ask_sshd() {
  # Where it is started by a socket, its folder is there only while somebody is logged in.
  mkdir -p -m 0755 /run/sshd
  sshd -T 2>/dev/null </dev/null | to_json '
    $1 == "port" { ports = ports (ports ? " " : "") $2; next }
    !($1 in seen) { seen[$1]; printf "%s%s:%s", (n++ ? "," : "{"), json($1), json(substr($0, length($1) + 2)) }
    END {
      if (ports) printf "%s\"port\":%s", (n++ ? "," : "{"), json(ports)
      printf "%s", n ? "}" : "{}"
    }'
}
# As the user, who may have put links there: root would read out to us what the user cannot.
ask_keys() {
  id -u "$user" >/dev/null 2>&1 || return 0
  timeout 5 setpriv --reuid "$user" --regid "$user" --init-groups env -i PATH="$PATH" LC_ALL=C sh -c '
    [ ! -r "$1.pub" ] || [ ! -e "$1" ] || printf "deploy %s %s\n" "$(stat -c %Y "$1")" "$(head -n 1 "$1.pub")"
    [ -r "$1.next.pub" ] && [ -e "$1.next" ] || exit 0
    cmp -s "$1.next.pub" "$1.proven" && is_proven=true || is_proven=false
    printf "next %s %s\n" "$is_proven" "$(head -n 1 "$1.next.pub")"' sh "$deploy_key" 2>/dev/null </dev/null | tr -d '\000' | to_json '
    { half = json(substr($0, length($1) + length($2) + 3)) }
    $1 == "deploy" { printf ",\"deployKey\":{\"publicKey\":%s,\"madeAt\":%d}", half, $2 }
    $1 == "next" { printf ",\"nextDeployKey\":{\"publicKey\":%s,\"isProven\":%s}", half, $2 == "true" ? "true" : "false" }'
}
ask_repository >"$work/repository" &
ask_keys >"$work/keys" &
try_bwrap >"$work/bwrap" &
ask_sshd >"$work/sshd" &

os() {
  (
    ID='' VERSION_ID=''
    . /etc/os-release
    printf '%s\n%s\n' "$ID" "$VERSION_ID"
  ) 2>/dev/null
  uname -mr
}

first_boot() {
  [ -d /run/cloud-init ] && [ ! -e /run/cloud-init/disabled ] || { printf absent; return; }
  [ -e /run/cloud-init/result.json ] || { printf running; return; }
  case $(tr -d ' \n\t' </run/cloud-init/result.json) in
    *'"errors":[]'*) printf done ;;
    *) printf error ;;
  esac
}

is_time_synced() {
  # A container's time is its host's.
  [ -e /run/systemd/timesync/synchronized ] || systemd-detect-virt -cq 2>/dev/null ||
    [ "$(timeout 3 timedatectl show -p NTPSynchronized --value 2>/dev/null)" = yes ]
}

# runtimes NAME FOLDER...: the versions in each folder that have the mark of a complete one, and where its link leads.
runtimes() {
  while [ "$#" -gt 0 ]; do
    for at in "$2"/*/.complete; do
      at=${at%/.complete}
      [ -L "$at" ] || [ ! -e "$at/.complete" ] || printf '%s installed %s\n' "$1" "${at##*/}"
    done
    [ ! -e "$2/current/.complete" ] || printf '%s current %s\n' "$1" "$(readlink "$2/current")"
    [ ! -e "$2/previous/.complete" ] || printf '%s previous %s\n' "$1" "$(readlink "$2/previous")"
    shift 2
  done | to_json '
    { name = $1; what = $2; value = substr($0, length($1) + length($2) + 3) }
    what == "installed" { list[name] = list[name] (list[name] ? "," : "") json(value) }
    what != "installed" { links[name] = links[name] ",\"" what "\":" json(value) }
    END {
      split("node openclaw pawl", names, " ")
      for (i = 1; i <= 3; i++)
        printf "%s\"%s\":{\"installed\":[%s]%s}", (i > 1 ? "," : ""), names[i], list[names[i]], links[names[i]]
    }'
}

# A file that was changed, and nobody was told of it yet, counts as not there.
files() {
  {
    [ ! -e /run/pawl/unsettled ] || sed 's/^/unsettled /' /run/pawl/unsettled
    with_files stat -c 'stat %U:%G %a %Y %n' 2>/dev/null
    with_files sha256sum 2>/dev/null
  } | to_json '
    $1 == "unsettled" { skip[$2]; next }
    $1 == "stat" { owner[$5] = $2; mode[$5] = sprintf("%04d", $3); at[$5] = $4; next }
    $2 in owner && !($2 in skip) {
      printf "%s%s:{\"sha256\":%s,\"owner\":%s,\"mode\":%s,\"changedAt\":%d}", (n++ ? "," : "{"), json($2),
        json($1), json(owner[$2]), json(mode[$2]), at[$2]
    }
    END { printf "%s", n ? "}" : "{}" }'
}

packages() {
  with_packages dpkg-query -W -f '${db:Status-Status} ${Package} ${Version}\n' 2>/dev/null | to_json '
    $1 == "installed" { printf "%s%s:%s", (n++ ? "," : "{"), json($2), json($3) }
    END { printf "%s", n ? "}" : "{}" }'
}

# The units that were asked for come first and in order, whatever their real names are; then those of long steps.
show_units() {
  systemctl show "$@" 'pawl-step-*' -p \
    Id,LoadState,ActiveState,SubState,UnitFileState,NRestarts,Result,StateChangeTimestampMonotonic,NeedDaemonReload
}
units() {
  with_units printf '%s\n' >"$work/asked"
  with_units show_units >"$work/units" 2>/dev/null
  # An empty line ends what is said of a unit; the last one has none.
  echo >>"$work/units"
  to_json '
    FILENAME ~ /asked$/ { name[FNR] = $0; asked = FNR; next }
    $0 != "" { key = substr($0, 1, index($0, "=") - 1); has[key] = substr($0, length(key) + 2); next }
    !("Id" in has) { next }
    {
      count++
      step = has["Id"]
      if (count > asked && sub(/^pawl-step-/, "", step) && has["ActiveState"] ~ /^activ/) {
        sub(/\.service$/, "", step)
        running = running (running ? "," : "") json(step)
      }
      if (count <= asked) {
        printf "%s%s:{\"load\":%s,\"active\":%s,\"sub\":%s,\"enabled\":%s,\"restarts\":%d,\"result\":%s,\"needsReload\":%s",
          (n++ ? "," : "{"), json(name[count]), json(has["LoadState"]), json(has["ActiveState"]), json(has["SubState"]),
          json(has["UnitFileState"]), has["NRestarts"], json(has["Result"]), has["NeedDaemonReload"] == "yes" ? "true" : "false"
        since = has["StateChangeTimestampMonotonic"] / 1000000
        if (since > 0 && up >= since) printf ",\"sinceSeconds\":%d", up - since
        printf "}"
      }
      split("", has)
    }
    END { printf "%s,\"running\":[%s]", n ? "}" : "{}", running }' "$work/asked" "$work/units"
}

firewall() {
  has ufw || { printf '"firewall":"absent","firewallRules":[]'; return; }
  # ufw itself is a Python program and takes longer than all the rest; its word is what it wrote and what the kernel has.
  state=inactive
  if grep -q '^ENABLED=yes' /etc/ufw/ufw.conf 2>/dev/null && iptables -nL ufw-user-input >/dev/null 2>&1; then
    state=active
  fi
  printf '"firewall":"%s","firewallRules":' "$state"
  {
    sed -n 's/^DEFAULT_INPUT_POLICY="\(.*\)"/default \1/p' /etc/default/ufw
    # ### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 [OpenSSH -] in[_eth0]
    cat /etc/ufw/user.rules /etc/ufw/user6.rules | awk '
      $2 == "tuple" && $8 == "any" {
        way = $10 ~ /^(in|out)(_.*)?$/ ? $10 : $12
        if (way !~ /^in(_|$)/) next
        sub(/_.*/, "", $4)
        printf "%s %s/%s from %s%s%s%s\n", $4, $6, $5, $9, (way != $10 && $10 != "-" ? " as " $10 : ""),
          (way != "in" ? " on " substr(way, 4) : ""), ($7 !~ /^(0\.0\.0\.0|::)\/0$/ ? " to " $7 : "")
      }'
  } 2>/dev/null | to_json "$strings"
}

# Whence and to which port the connection goes that asks: sudo takes that out of the environment, but not out of its own.
connection() {
  said=${SSH_CONNECTION:-} process=$$
  while [ -z "$said" ] && [ "${process:-0}" -gt 1 ]; do
    process=$(sed -n 's/^PPid:[[:space:]]*//p' "/proc/$process/status")
    said=$(tr '\0' '\n' <"/proc/$process/environ" | sed -n 's/^SSH_CONNECTION=//p')
  done 2>/dev/null
  printf '%s\n' "$said" | to_json 'NF == 4 { sub(/%.*/, "", $1); printf ",\"connection\":{\"from\":%s,\"port\":%d}", json($1), $4 }'
}

# What can be reached from outside now, `80/tcp`, by the kernel's own lists.
listening() {
  {
    sed 's/^/tcp /' /proc/net/tcp /proc/net/tcp6
    sed 's/^/udp /' /proc/net/udp /proc/net/udp6
  } 2>/dev/null | to_json '
    function number(hex,   i, sum) {
      for (i = 1; i <= length(hex); i++) sum = sum * 16 + index("0123456789ABCDEF", substr(hex, i, 1)) - 1
      return sum
    }
    $5 != ($1 == "tcp" ? "0A" : "07") { next }
    {
      split($3, at, ":")
      mapped = "0000000000000000FFFF0000"
      v4 = substr(at[1], 1, 24) == mapped ? substr(at[1], 25) : at[1]
      if (length(v4) == 8 && v4 ~ /7F$/ || at[1] == "00000000000000000000000001000000") next
      name = number(at[2]) "/" $1
      if (!(name in seen)) printf "%s%s", (n++ ? "," : "["), json(name)
      seen[name]
    }
    END { printf "%s", n ? "]" : "[]" }'
}

# Who can log in and has a password, and no key: keys alone would lock them out.
password_only() {
  awk -F: 'NR == FNR { if ($2 ~ /^[$]/) has[$1]; next } $1 in has && $7 !~ /(nologin|false)$/ { print $1 ":" $6 }' \
    /etc/shadow /etc/passwd 2>/dev/null |
    while IFS=: read -r who at; do
      [ -s "$at/.ssh/authorized_keys" ] || [ -s "$at/.ssh/authorized_keys2" ] || printf '%s\n' "$who"
    done | to_json "$strings"
}

truth() { if "$@"; then printf true; else printf false; fi; }
# Not into a pipe: `wait` in one would wait for nothing.
{
  os | to_json '{ line[NR] = $0 } END { split(line[3], uname, " ")
    printf "{\"probe\":1,\"os\":{\"id\":%s,\"version\":%s,\"arch\":%s,\"kernel\":%s}", json(line[1]), json(line[2]),
      json(uname[2]), json(uname[1]) }'
  boot=$(first_boot)
  printf ',"firstBoot":"%s"' "$boot"
  if [ "$boot" = error ] && [ -r /var/log/cloud-init-output.log ]; then
    printf ',"bootLog":%s' "$(tail -n 20 /var/log/cloud-init-output.log | cut -c 1-300 | tr -d '\000' | to_json "$string")"
  fi
  awk -v up="$up" '
    { value[$1] = $2 }
    END { printf ",\"memoryMb\":%d,\"swapMb\":%d,\"memoryFreeMb\":%d,\"upSeconds\":%d", value["MemTotal:"] / 1024,
      value["SwapTotal:"] / 1024, value["MemAvailable:"] / 1024, up }' /proc/meminfo
  printf ',"diskFreeMb":%d' "$(df -Pm / | awk 'NR == 2 { print $4 }')"
  printf ',"rebootPending":%s' "$(truth [ -e /run/reboot-required ])"
  printf ',"timeSynced":%s' "$(truth is_time_synced)"
  printf ',"packages":%s' "$(packages)"
  if entry=$(getent passwd "$user"); then
    printf '%s\n' "$entry" | tr ':' '\037' | to_json 'BEGIN { FS = "\037" } { printf ",\"user\":{\"exists\":true,\"home\":%s,\"shell\":%s}", json($6), json($7) }'
  else
    printf ',"user":{"exists":false}'
  fi
  printf ',"folders":%s' "$(stat -c '%U:%G %04a %n' "$folder" "$credentials" "$home" "${deploy_key%/*}" 2>/dev/null | to_json "$strings")"
  printf ',"rootKeys":%s' "$(grep -hv '^[[:space:]]*\(#\|$\)' /root/.ssh/authorized_keys 2>/dev/null | to_json "$strings")"
  printf ',%s' "$(runtimes node "$node_root" openclaw "$openclaw_root" pawl "$pawl_root")"
  printf ',"files":%s' "$(files)"
  printf ',"units":%s' "$(units)"
  printf ',%s' "$(firewall)"
  connection
  printf ',"listening":%s,"passwordOnly":%s' "$(listening)" "$(password_only)"
  printf ',"held":%s' "$(truth [ -e "$hold" ])"
  printf ',"hostKeys":%s' "$(cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null | ssh-keygen -lf - 2>/dev/null | cut -d' ' -f2 | to_json "$strings")"
  if made=$(stat -c %Y /etc/ssh/ssh_host_ed25519_key 2>/dev/null); then printf ',"hostKeyMadeAt":%d' "$made"; fi
  wait
  cat "$work/keys"
  if [ -s "$work/repository" ]; then printf ',"repository":%s' "$(cat "$work/repository")"; fi
  printf ',"bwrap":"%s","sshd":%s}\n' "$(cat "$work/bwrap")" "$(cat "$work/sshd")"
} >"$work/facts"
tr -d '\000' <"$work/facts"
