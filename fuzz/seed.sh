#!/bin/sh
# Makes the first corpora of `yaml`, `template` and `expression` out of the files of testdata/.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/yaml corpus/template corpus/expression
find ../testdata ../src/builtin fleets -type f -size -32k -name '*.yaml' | sort | while read -r file; do
    name=$(printf '%s' "$file" | tr '/.' '__')
    cp "$file" "corpus/yaml/$name"
    cp "$file" "corpus/template/$name"
    { printf '=[a, {b: c}]\000={b: c}\000x: y #\000' && cat "$file"; } > "corpus/template/values_$name"
    grep -h '\${' "$file" > "corpus/expression/$name" || rm "corpus/expression/$name"
done
