/*
 * check --format json and ndjson, and the error bodies of both APIs (oz, extrahorizon). The objects are the library's;
 * what is added here is the document around them.
 */
#include "check_output.h"
#include "text.h"

static void print_nothing(check_output *out)
{
    (void)out;
}

static void print_counts(const check_output *out)
{
    (void)fprintf(out->to, "\"summary\": {\"valid\": %zu, \"rejected\": %zu, \"failed\": %zu}}\n",
                  out->counts[OZC_VALID], out->counts[OZC_REJECTED], out->counts[OZC_FAILED]);
}

static void json_begin(check_output *out)
{
    (void)fprintf(out->to,
                  "{\"schema\": \"ozcapsula-report/1\", \"tool\": {\"name\": \"ozcapsula\", \"version\": \"%s\"}, "
                  "\"containers\": [",
                  ozc_version());
}

static void json_add(check_output *out, const checked *container)
{
    (void)fputs(out->printed == 0 ? "\n" : ",\n", out->to);
    put_owned(out, out->to, ozc_render_json(container->report, container->path));
}

static void json_end(check_output *out)
{
    (void)fputs("\n], ", out->to);
    print_counts(out);
}

static void ndjson_add(check_output *out, const checked *container)
{
    put_owned(out, out->to, ozc_render_json(container->report, container->path));
    (void)fputc('\n', out->to);
}

static void ndjson_end(check_output *out)
{
    (void)fputc('{', out->to);
    print_counts(out);
}

static void oz_add(check_output *out, const checked *container)
{
    if (ozc_report_result(container->report) != OZC_VALID) {
        put_owned(out, out->to, ozc_render_oz(container->report, 1));
        (void)fputc('\n', out->to);
    }
}

static void extrahorizon_add(check_output *out, const checked *container)
{
    switch (ozc_report_result(container->report)) {
    case OZC_VALID:
        break;
    case OZC_FAILED:
        complain("%s: %s; Extra Horizon has no error for it", container->path, ozc_report_failure(container->report));
        break;
    default:
        put_owned(out, out->to, ozc_render_extrahorizon(container->report));
        (void)fputc('\n', out->to);
    }
}

const output_format format_json = {"json", false, json_begin, json_add, json_end};
const output_format format_ndjson = {"ndjson", false, print_nothing, ndjson_add, ndjson_end};
const output_format format_oz = {"oz", true, print_nothing, oz_add, print_nothing};
const output_format format_extrahorizon = {"extrahorizon", true, print_nothing, extrahorizon_add, print_nothing};
