with_units systemctl reset-failed 2>/dev/null || :
with_units systemctl enable --now -q || stop "$STEP_FAILED" "$(with_units systemctl --no-pager -n 5 status 2>&1 | tail -n 5 | tr '\n' ' ')"
if [ -n "${stay_seconds-}" ]; then
  stays_up "$stay_seconds" || stop "$STEP_FAILED" "the worker does not stay: $trouble"
fi
