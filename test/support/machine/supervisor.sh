#!/bin/sh
# Runs one machine in namespaces of its own, so that the end of this process is the end of all of it: processes, mounts,
# network. First as `enter`, on the host; then as `inside`, where it waits on its standard input for the word to boot.
#
#   supervisor.sh enter ROOT MOUNT_POINT DISK_MB NAME CGROUP...
set -eu

enter() {
  base=$1 mnt=$2 disk=$3 name=$4
  shift 4
  # Containers that share a cgroup would share `payload` below it, and each one's systemd end the other's services.
  for group in "$@"; do echo $$ >"$group/cgroup.procs"; done
  exec unshare --mount --net --pid --fork --kill-child --mount-proc -- sh "$0" inside "$base" "$mnt" "$disk" "$name"
}

inside() {
  base=$1 mnt=$2 disk=$3 name=$4
  mount -t tmpfs -o mode=755 pawl-run /run # nspawn leaves folders there
  mount -t tmpfs -o "size=${disk}m,mode=755" pawl-disk "$mnt"
  mkdir "$mnt/upper" "$mnt/work" "$mnt/root"
  mount -t overlay -o "lowerdir=$base,upperdir=$mnt/upper,workdir=$mnt/work" pawl-root "$mnt/root"
  ip link set lo up
  echo prepared
  read -r _boot
  while :; do
    status=0
    systemd-nspawn --quiet --register=no --keep-unit --boot --console=pipe --resolv-conf=off --machine="$name" \
      --directory="$mnt/root" --network-namespace-path=/proc/self/ns/net --capability=CAP_NET_ADMIN,CAP_NET_RAW \
      </dev/null || status=$?
    [ "$status" = 133 ] || exit "$status" # 133: the machine reboots
  done
}

"$@"
