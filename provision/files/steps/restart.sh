state() { systemctl show -p ActiveState --value "$worker"; }
restarts() { systemctl show -p NRestarts --value "$worker"; }
systemctl reset-failed "$worker" 2>/dev/null || :
systemctl restart "$worker" || stop "$STEP_FAILED" "$worker does not start: $(journalctl -u "$worker" -n 3 -o cat --no-pager | tr '\n' ' ')"
before=$(restarts)
waited=0
while [ "$waited" -lt "$seconds" ]; do
  sleep 1
  waited=$((waited + 1))
  [ "$(state)" = active ] && [ "$(restarts)" = "$before" ] ||
    stop "$STEP_FAILED" "$worker ended after $waited s: $(journalctl -u "$worker" -n 3 -o cat --no-pager | tr '\n' ' ')"
done
