import { quoted } from "../shell.ts";
import { runFolder } from "./folder.ts";

export type LongStep = {
  /** The id of the step that it belongs to; at most one of a step runs at a time. */
  step: string;
  /** Tells one call from the next: what this call began is known again over another connection. */
  token: string;
  seconds: number;
};

/**
 * Begins the step's unit and says `begun`, unless it runs or was begun by this call before: `ours` or `theirs`. On standard input
 * come the script's length in bytes and a line feed, the script, and its input.
 *
 * What a unit printed and how it ended stands in files that only root reads. The input's file is gone as soon as the
 * script has it open.
 */
export function beginScript({ step, token, seconds }: LongStep): string {
  return `set -eu
umask 077
${names(step)}
${isGoingDown}
if is_active; then
  if [ "$(cat "$at/token")" = ${quoted(token)} ]; then echo ours; else echo theirs; fi
  exit
fi
if [ -e "$at/ended" ] && [ "$(cat "$at/token")" = ${quoted(token)} ]; then echo ours; exit; fi
! is_going_down || sleep 45
systemctl reset-failed "$unit" 2> /dev/null || :
rm -rf "$at"
mkdir -p "$at"
trap 'rm -f "$at/input"' EXIT
read -r length
{ echo "exec < $at/input; rm -f $at/input"; head -c "$length"; } > "$at/script"
cat > "$at/input"
: > "$at/output"
printf '%s' ${quoted(token)} > "$at/token"
# What a machine ends because it goes down itself has not failed: it is not noted, and begun again when that is back.
cat > "$at/after" <<END
${isGoingDown.replaceAll("$", "\\$")}
[ "\\$EXIT_CODE \\$EXIT_STATUS" = "exited 0" ] || ! is_going_down || exit 0
echo "\\$SERVICE_RESULT \\$EXIT_CODE \\$EXIT_STATUS" > $at/ended.new
mv $at/ended.new $at/ended
END
systemd-run --quiet --collect --no-ask-password --unit="$unit" \\
  --property=Type=simple --property=StandardOutput="append:$at/output" --property=StandardError="append:$at/output" \\
  --property=ExecStopPost="/bin/sh $at/after" --property=RuntimeMaxSec=${seconds} \\
  --property=TimeoutStopSec=20 --property=OOMPolicy=stop \\
  --description=${quoted(`A step of provision-worker: ${step}`)} \\
  /bin/sh "$at/script" > /dev/null || {
  status=$?
  ! is_going_down || sleep 45
  exit "$status"
}
trap - EXIT
echo begun`;
}

/**
 * Prints what the step's unit prints, after the first `skip` lines, until it has ended; then says on standard error how,
 * or nothing if that cannot be known: the machine was started again, for one.
 */
export function followScript(step: string, skip: number): string {
  return `${names(step)}
cd "$at" 2> /dev/null || exit 0
(
  looks=0
  while [ ! -e ended ]; do
    sleep 0.2
    looks=$((looks + 1))
    [ $((looks % 10)) -ne 0 ] || is_active || break
  done
) > /dev/null 2>&1 &
tail -q -n +${skip + 1} -s 0.2 --pid=$! -f output 2> /dev/null
${isGoingDown}
[ -e ended ] || ! is_going_down || sleep 60
cat ended >&2 2> /dev/null
exit 0`;
}

/** Nothing is begun or judged on a machine that goes down: whoever waits there is told so by the end of the connection. */
const isGoingDown = `is_going_down() {
  case $(systemctl is-system-running 2> /dev/null) in
    running | degraded | starting | initializing | maintenance) return 1 ;;
    *) return 0 ;;
  esac
}`;

function names(step: string): string {
  return `at=${runFolder}/steps/${step}
unit=pawl-step-${step}.service
is_active() {
  case $(systemctl show --property=ActiveState --value "$unit") in
    active | activating | reloading | deactivating) return 0 ;;
    *) return 1 ;;
  esac
}`;
}
