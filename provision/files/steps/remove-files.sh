with_paths rm -f --
systemctl daemon-reload
