# Needs nothing but this machine: whoever rolls back may have no network to lose.
found=
[ ! -e "$switching" ] || found=yes
for name in node openclaw pawl; do
  [ ! -L "$(root_of "$name")/previous" ] || found=yes
done
[ -n "$found" ] || exit 0
require_way_back
stop_worker
go_back
[ -z "$runs" ] || stays_up 10 || {
  settled
  stop "$STEP_FAILED" "the former versions are back, but $trouble"
}
settled
