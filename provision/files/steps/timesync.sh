# Whoever keeps the time already may go on; of two, each would undo what the other did.
for unit in chrony chronyd ntp ntpd ntpsec openntpd; do
  systemctl -q is-active "$unit" 2>/dev/null && exit 0
done
# A container's time is its host's.
systemd-detect-virt -cq && exit 0
if ! systemctl cat systemd-timesyncd.service >/dev/null 2>&1; then
  apt-get -q -y -o DPkg::Lock::Timeout=300 install --no-install-recommends systemd-timesyncd ||
    stop "$STEP_FAILED" "systemd-timesyncd could not be installed"
fi
systemctl enable --now systemd-timesyncd.service
waited=0
until [ -e /run/systemd/timesync/synchronized ]; do
  [ "$waited" -lt 60 ] || stop "$STEP_FAILED" "no time server answered within a minute: is UDP port 123 closed?"
  waited=$((waited + 1))
  sleep 1
done
