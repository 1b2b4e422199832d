PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
SCENARIOS := ber_awgn ber_fading coded_ldpc image_vs_snr image_vs_bandwidth task_accuracy_vs_bandwidth dct_jscc_choices \
	mimo_ofdm_cdl image_over_cdl image_over_umi trace_channel isac_frame \
	plain_demo plain_accuracy plain_threshold plain_crossed plain_resolution plain_order plain_roc plain_compression \
	plain_scaling plain_scaling_4d plain_scaling_5d mcg_rate_reward mcg_belief mcg_other_games mcg_noisy_channel codegrid codecart \
	coupling_exact coupling_exact_6 coupling_quality coupling_speed ebim_rate_distortion

# one thread a process: those of several workers would wait for one another
export OPENBLAS_NUM_THREADS := 1
export OMP_NUM_THREADS := 1

.PHONY: demo rt test proofs lint weights results bench clean

demo: $(READY) ## the flagship scenario on real photographs
	$(BIN)/semcom run image_vs_snr --out runs/demo

rt: $(READY) ## adds ray tracing, the extra rt; it needs LLVM 19
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev,rt]"

test: $(READY)
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow"

proofs: $(READY) ## the tests that take too long for every day
	$(BIN)/python -m pytest -q -n 2 -m slow

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

weights: $(READY) ## trains again what ships in semcom/weights
	for name in image_vs_snr image_vs_bandwidth task_accuracy_vs_bandwidth dct_jscc_choices codegrid codecart; do \
		$(BIN)/semcom train $$name --workers 0 --out semcom/weights --force || exit 1; \
	done

results: $(READY) ## computes again what stands in results/
	for name in $(SCENARIOS); do \
		rm -rf results/$$name; $(BIN)/semcom run $$name --out results/$$name || exit 1; \
	done

bench: $(READY) ## measures speed beside the peers that are installed; writes benchmarks/results.md
	$(BIN)/python benchmarks/collect.py

clean:
	rm -rf .venv runs

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $(READY)
