# For those who take the worker from some versions to others.
root_of() {
  case $1 in
    node) printf %s "$node_root" ;;
    openclaw) printf %s "$openclaw_root" ;;
    *) printf %s "$pawl_root" ;;
  esac
}

# link NAME FOLDER VERSION: makes the link at once what it is to be.
link() {
  ln -sfn "$3" "$2/.next"
  mv -fT "$2/.next" "$2/$1"
}

# Makes what `previous` points to the current version again, wherever there is one.
go_back() {
  for name in node openclaw pawl; do
    root=$(root_of "$name")
    former=$(readlink "$root/previous" 2>/dev/null) || continue
    link current "$root" "$former"
    rm -f "$root/previous"
  done
}

# require_way_back: ends unless all of what `previous` points to can be used, while there is a worker to leave as it is.
require_way_back() {
  for name in node openclaw pawl; do
    root=$(root_of "$name")
    former=$(readlink "$root/previous" 2>/dev/null) || continue
    [ -e "$root/$former/.complete" ] || stop "$STEP_FAILED" "$root/$former is not complete any more"
  done
}

# Whether the worker is to run afterwards: it does now, or would after a boot, or did before one of us was cut off; and
# nobody holds it back.
is_to_run() {
  [ ! -e "$hold" ] || return 1
  [ ! -e "$switching" ] || return 0
  case $(systemctl is-active "$worker") in active | activating | reloading) return 0 ;; esac
  systemctl -q is-enabled "$worker" 2>/dev/null
}

# stop_worker: for as long as it takes to switch; `settled` says that this has ended, well or not.
stop_worker() {
  if is_to_run; then
    mkdir -p -m 0700 "$(dirname "$switching")"
    [ -e "$switching" ] || : >"$switching"
    runs=yes
  else
    runs=
  fi
  systemctl stop "$worker"
}
settled() {
  rm -f "$switching"
}

# What the worker itself said; systemd's words on its end say less.
last_words() {
  journalctl _SYSTEMD_UNIT="$worker" -n 3 -o cat --no-pager 2>/dev/null | tr '\n' ' ' | cut -c 1-600
}

# stays_up SECONDS: starts the worker and sees whether it stays; `trouble` says why not.
stays_up() {
  systemctl reset-failed "$worker" 2>/dev/null || :
  systemctl start "$worker" || {
    trouble="it does not start: $(last_words)"
    return 1
  }
  restarts=$(systemctl show -p NRestarts --value "$worker")
  waited=0
  while :; do
    if [ "$(systemctl is-active "$worker")" != active ] ||
      [ "$(systemctl show -p NRestarts --value "$worker")" != "$restarts" ]; then
      trouble="it ended after $waited s: $(last_words)"
      return 1
    fi
    [ "$waited" -lt "$1" ] || return 0
    sleep 1
    waited=$((waited + 1))
  done
}
