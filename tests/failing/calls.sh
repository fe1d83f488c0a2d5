#!/bin/sh
# Does calls.c have every function by which src/ asks a library or the system for something that can fail? First
# libozcapsula.a, then the folder of this script. What is left out by name below frees, closes, or cannot fail.
set -eu
left_out='_free$|^OSSL_PROVIDER_unload$|^CRYPTO_|^ERR_|^cJSON_(Delete|Is|GetObjectItem)|^zip_(discard|fclose|error_|stat_init$|source_free$|source_make|file_get_error$|get_error$)|^libdeflate_crc32$|^BIO_s_mem$|^pthread_(mutex_(lock|unlock|destroy)|cond_(wait|timedwait|signal|destroy)|condattr_destroy|join)$|^(close|unlink|uselocale)$'
undefined=$(nm -u "$1")
missing=$(printf '%s\n' "$undefined" | awk '$1 == "U" { print $2 }' | sort -u |
    grep -E '^(EVP|RAND|OSSL|OPENSSL|BIO|BN|PEM|PKCS8|CRYPTO|ERR|d2i|i2d|X509|EC|ASN1|ECDSA)_|^cJSON_|^libdeflate_|^zip_|^pthread_|^(open|close|read|pread|write|stat|fstat|lstat|fchmod|fsync|rename|unlink|realpath|newlocale|uselocale|clock_gettime)$' |
    grep -vE "$left_out" | grep -vxE 'zip_(is_zip64_locator|read_central|read_end|read_local|write)' |
    while read -r name; do grep -q "__wrap_$name(\|^CALL($name," "$2/calls.c" || echo "$name"; done)
[ -z "$missing" ] || {
    echo "src/ calls, and tests/failing/calls.c does not fail:" "$missing" >&2
    exit 1
}
