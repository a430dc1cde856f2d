#!/bin/sh
# Makes the first corpora of `yaml` and `expression` out of the files of testdata/.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/yaml corpus/expression
find ../testdata ../src/builtin fleets -type f -size -32k -name '*.yaml' | sort | while read -r file; do
    name=$(printf '%s' "$file" | tr '/.' '__')
    cp "$file" "corpus/yaml/$name"
    grep -h '\${' "$file" > "corpus/expression/$name" || rm "corpus/expression/$name"
done
