with_units systemctl disable --now -q
