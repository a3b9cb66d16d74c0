set -eu
umask 022
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL=C HOME=/root DEBIAN_FRONTEND=noninteractive
cd /

# stop STATUS WORDS...: ends with one of the statuses that are assigned above.
stop() {
  _status=$1
  shift
  printf 'pawl: %s\n' "$*" >&2
  exit "$_status"
}

# room MEGABYTES FOLDER: ends unless there is so much room.
room() {
  _free=$(df -Pm "$2" | awk 'NR == 2 { print $4 }')
  [ "$_free" -ge "$1" ] || stop "$LOW_DISK" "$1 MB are needed on the disk of $2, $_free MB are free"
}

# drop FOLDER...: versions of ours go, each at once, so that what is cut off is none any more. Without our mark a folder is
# somebody else's.
drop() {
  for _at in "$@"; do
    [ -d "$_at" ] && [ ! -L "$_at" ] && [ -e "$_at/.complete" ] || continue
    rm -rf "${_at%/*}/.gone-${_at##*/}"
    mv -T "$_at" "${_at%/*}/.gone-${_at##*/}"
  done
  for _at in "$@"; do rm -rf "${_at%/*}"/.gone-*; done
}

# as_user COMMAND...: as the worker's user, with nothing of root's environment.
as_user() {
  setpriv --reuid "$user" --regid "$user" --init-groups \
    env -i HOME="$home" USER="$user" LOGNAME="$user" SHELL=/bin/sh LC_ALL=C PATH="$PATH" "$@"
}

# memory_kills: how often the kernel ended a process for want of memory, since boot.
memory_kills() {
  awk '$1 == "oom_kill" { print $2 }' /proc/vmstat
}
