#!/bin/sh
# Computes what a book lacks as an array job of Slurm.
#
#   book_slurm.sh [TEMPLATE ...] [options of `layerbook plan`]
#
# Submits an array of at most WIDTH jobs (16). Each takes its share of the plan's lines, in the plan's order, and runs
# `layerbook compute -` on them: what a job needs of another one's share it waits for, or computes where nobody is at
# it. A job that is killed or preempted is queued again by Slurm and goes on where it was. Templates, models, datasets
# and the store must lie in folders that every node sees. Afterwards `layerbook render --frozen` writes the pages.
#
#   LAYERBOOK        the program, where it is not in PATH
#   SBATCH_OPTIONS   such as "--time=2:00:00 --cpus-per-task=8 --partition=cpu"
#   PLAN             the file of the plan, which must not be there: its jobs read it until they are done. By default a
#                    new one for each submission, plan.jsonl.XXXXXX, whose name is said
set -euf

layerbook=${LAYERBOOK:-layerbook}
newline='
'

if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
  # Options come a word to a line.
  IFS=$newline
  # In a job: every WIDTH-th line, so that all jobs begin with what others wait for.
  # shellcheck disable=SC2086
  awk -v width="$SLURM_ARRAY_TASK_COUNT" -v mine="$SLURM_ARRAY_TASK_ID" 'NR % width == mine' < "$PLAN" |
    "$layerbook" compute - --threads "${SLURM_CPUS_PER_TASK:-1}" ${LAYERBOOK_OPTIONS:-}
  exit
fi

if [ -n "${PLAN:-}" ] && [ -e "$PLAN" ]; then
  echo "error: '$PLAN' is there, and jobs may still read it; name another file with PLAN, or remove it" >&2
  exit 2
fi
plan=${PLAN:-$(mktemp plan.jsonl.XXXXXX)}
# Without jobs nobody needs it.
trap 'rm -f "$plan"' EXIT
"$layerbook" plan "$@" > "$plan"
lines=$(wc -l < "$plan")
if [ "$lines" -eq 0 ]; then
  echo "nothing is missing" >&2
  exit
fi
width=${WIDTH:-16}
[ "$width" -le "$lines" ] || width=$lines

# What plan was told of book and store, compute has to know, too.
options=
while [ $# -gt 0 ]; do
  case $1 in
    --book | --store | --memory)
      options="$options$1$newline$2$newline"
      shift
      ;;
    --book=* | --store=* | --memory=* | --no-engines) options="$options$1$newline" ;;
  esac
  shift
done
export LAYERBOOK="$layerbook" PLAN="$plan" LAYERBOOK_OPTIONS="$options"
# shellcheck disable=SC2086
sbatch --array="0-$((width - 1))" --requeue --export=ALL --job-name=layerbook ${SBATCH_OPTIONS:-} "$0"
trap - EXIT
echo "the plan is in $plan" >&2
