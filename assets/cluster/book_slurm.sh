#!/bin/sh
# Computes what a book lacks as an array job of Slurm.
#
#   book_slurm.sh [TEMPLATE ...] [options of `layerbook plan`]
#
# Submits an array of at most WIDTH jobs (16). Each takes its share of the plan's lines, in the plan's order, and runs
# `layerbook compute -` on them: what a job needs of another one's share it waits for, or computes where nobody is at it.
# A job that is killed or preempted is queued again by Slurm and goes on where it was. Templates, models, datasets and the
# store must lie in folders that every node sees. Afterwards `layerbook render --frozen` writes the pages.
#
#   LAYERBOOK        the program, where it is not in PATH
#   SBATCH_OPTIONS   such as "--time=2:00:00 --cpus-per-task=8 --partition=cpu"
#   PLAN             the file of the plan: plan.jsonl
set -eu

layerbook=${LAYERBOOK:-layerbook}
plan=${PLAN:-plan.jsonl}

if [ -n "${SLURM_ARRAY_TASK_ID:-}" ]; then
  # In a job: every WIDTH-th line, so that all jobs begin with what others wait for.
  awk -v width="$SLURM_ARRAY_TASK_COUNT" -v mine="$SLURM_ARRAY_TASK_ID" 'NR % width == mine' "$plan" |
    "$layerbook" compute - --threads "${SLURM_CPUS_PER_TASK:-1}" ${LAYERBOOK_OPTIONS:-}
  exit
fi

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
      options="$options $1 $2"
      shift
      ;;
    --book=* | --store=* | --memory=* | --no-engines) options="$options $1" ;;
  esac
  shift
done
export LAYERBOOK="$layerbook" PLAN="$plan" LAYERBOOK_OPTIONS="$options"
# shellcheck disable=SC2086
exec sbatch --array="0-$((width - 1))" --requeue --export=ALL --job-name=layerbook ${SBATCH_OPTIONS:-} "$0"
