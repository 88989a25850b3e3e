cd /tmp/tut; export TIERUP_HOME=/tmp/tut/.tierup COLUMNS=120 PATH=/tmp/swcheck/.venv/bin:$PATH
r() { echo "\$ $*"; "$@" 2>&1; echo "[exit $?] $(date +%T)"; }
r tierup up --stack dev --sandbox --wait 600
r tierup switch --stack dev --sandbox --phase scale --tier medium --dry-run
r tierup switch --stack dev --sandbox --phase scale --tier medium
r tierup switch --stack dev --sandbox --phase enterprise --tier large --until 2
r tierup switch --stack dev --sandbox --resume
r tierup switch --stack dev --sandbox --tier medium
r tierup switch --stack dev --sandbox --phase scale
r tierup preview --stack dev --sandbox --expect-no-changes
