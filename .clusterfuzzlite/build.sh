#!/bin/bash
# What ClusterFuzzLite and OSS-Fuzz call in the image: builds every fuzz target for the engine and the sanitizer that the
# environment names (CC, CXX, CFLAGS, CXXFLAGS, LIB_FUZZING_ENGINE), and puts targets, corpora and dictionaries to $OUT.
# The shared libraries go with them, for targets run in another image.
set -eu
cd "$SRC/ozcapsula"

build=${WORK:-$SRC}/ozcapsula-build
cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=None -DBUILD_TESTING=OFF -DOZCAPSULA_FUZZ="$LIB_FUZZING_ENGINE" \
    -DCMAKE_BUILD_RPATH="\$ORIGIN/lib" \
    -DCMAKE_EXE_LINKER_FLAGS="${LDFLAGS-} -Wl,--disable-new-dtags" >/dev/null # an rpath for what libraries need, too
cmake --build "$build" --parallel "$(nproc)" --target fuzz_targets

mkdir -p "$OUT/lib"
for corpus in tests/fuzz/corpus/*; do
    target=$(basename "$corpus")
    program=$OUT/fuzz_$target
    cp "$build/tests/fuzz/fuzz_$target" "$program"
    cp tests/fuzz/ozcapsula.dict "$program.dict"
    rm -f "${program}_seed_corpus.zip"
    case $target in
    whole | structure | inspect) zip -q -j -r "${program}_seed_corpus.zip" "$corpus" testdata/valid testdata/invalid ;;
    *) zip -q -j -r "${program}_seed_corpus.zip" "$corpus" ;;
    esac
    # All but the C library's own.
    ldd "$build/tests/fuzz/fuzz_$target" | awk '$3 ~ "^/" && $1 !~ /^lib(c|m|gcc_s|pthread|dl|rt)\.so/ { print $3 }' |
        while read -r library; do cp -L "$library" "$OUT/lib"; done
done
