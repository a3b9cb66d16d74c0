# Needs nothing but this machine: whoever rolls back may have no network to lose.
found=
for name in node openclaw pawl; do
  [ ! -L "$(root_of "$name")/previous" ] || found=yes
done
[ -n "$found" ] || exit 0
runs=
is_to_run && runs=yes
systemctl stop "$worker"
go_back
[ -z "$runs" ] || stays_up 10 || stop "$STEP_FAILED" "the former versions are back, but $trouble"
