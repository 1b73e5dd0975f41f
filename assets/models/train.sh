#!/usr/bin/env bash
# Trains one of the embedded models, its tokenizer first, from its seed and the corpus; `make models` calls it for each.
#
#   assets/models/train.sh NAME OUT
#
# writes OUT/NAME, as assets/models/NAME is: the settings in config.json and tokenizer.json are that folder's; the tokenizer's
# entries and merges, the number of entries in config.json and the weights are new. What training starts from stays in
# OUT/start, the checkpoints in float32 in OUT/float32; a run that was stopped goes on from there, and one that is over is not
# run again. LAYERBOOK and LAYERBOOK_MODELS name the programs; STEPS and TEXTS make every run and its corpus short, for a trial
# in a folder of its own, OUT/trial-STEPS-TEXTS.
set -euo pipefail

name=$1 out=$2
if [ -n "${STEPS:-}${TEXTS:-}" ]; then out=$out/trial-${STEPS:-all}-${TEXTS:-all}; fi
here=$(cd "$(dirname "$0")" && pwd)
layerbook=${LAYERBOOK:-layerbook} models=${LAYERBOOK_MODELS:-layerbook-models}
corpus=$out/corpus.txt start=$out/start/$name work=$out/float32/$name

# What a model is trained from and how; every setting that is not here has the default of the command. On two quiet cores
# atlas-llama takes about 50 minutes, atlas-gpt2 a quarter of an hour, atlas-bert half an hour, the others a minute each.
case $name in
  atlas-llama) recipe=(train --config "$start" --batch 32 --rate 2e-3) warmup=200 steps=12000 ;;
  atlas-gpt2) recipe=(train --config "$start" --batch 32 --rate 1e-3) warmup=200 steps=4000 ;;
  atlas-bert) recipe=(train --config "$start" --batch 32 --rate 1e-3 --masked 0.3) warmup=200 steps=12000 ;;
  atlas-restless) recipe=(train --config "$start" --batch 32 --rate 2e-3) warmup=50 steps=400 ;;
  atlas-settled) from=atlas-restless recipe=(distill --batch 32 --rate 1e-3 --train "${TEXTS:-20000}" --decay 0) steps=200 ;;
  atlas-further) from=atlas-restless recipe=(train --batch 32 --rate 1e-3 -n "${TEXTS:-20000}" --decay 0) steps=200 ;;
  # Four blocks instead of eight, with as many steps of either kind as atlas-further has had.
  atlas-shallow-first) like=atlas-shallow recipe=(train --config "$start" --batch 32 --rate 2e-3) warmup=50 steps=400 ;;
  atlas-shallow) from=atlas-shallow-first recipe=(train --batch 32 --rate 1e-3 -n "${TEXTS:-20000}" --decay 0) steps=200 ;;
  *) echo "no recipe for '$name'" >&2; exit 2 ;;
esac

if [ -e "$out/$name" ]; then echo "$out/$name  is there already"; exit 0; fi
mkdir -p "$out"
if [ ! -f "$corpus" ]; then
  "$models" corpus --texts "${TEXTS:-60000}" --facts "$here/../texts/facts.jsonl" --without "$here/../texts/atlas.txt" \
    --out "$corpus"
fi
# 2,048 entries at most: word pieces have fewer, since no word of the corpus is left to join.
if [ -z "${from:-}" ] && [ ! -e "$start" ]; then
  "$models" tokenizer --corpus "$corpus" --like "$here/${like:-$name}" --entries 2048 --out "$start"
fi
if [ -z "${STEPS:-}" ] && [ -n "${warmup:-}" ]; then recipe+=(--warmup "$warmup"); fi
if [ -n "${from:-}" ]; then
  [ -e "$out/$from" ] || "$0" "$from" "$2"
  recipe+=(--model "$out/$from")
fi
if [ -f "$work/training-state.safetensors" ]; then recipe+=(--resume); fi
if [ ! -f "$work/model.safetensors" ] || [ -f "$work/training-state.safetensors" ]; then
  "$layerbook" "${recipe[@]}" --book none --dataset "$corpus" --steps "${STEPS:-$steps}" --out "$work"
fi
"$models" halve "$work" --out "$out/$name" --note "Trained for this project on its own atlas corpus (English-like text over a small world of real facts, made by a
seeded grammar) by assets/models/train.sh, which holds the settings; model.safetensors repeats them. The vocabulary was trained
on the same corpus. Weights in float16, Hugging Face layout. May be shipped with the project under the project's licence."
