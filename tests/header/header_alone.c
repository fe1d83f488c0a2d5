/* The public header compiles alone, with all warnings. */
#include <ozcapsula.h>

int header_alone(void);

int header_alone(void)
{
    ozc_call call = OZC_CALL_INIT;
    ozc_token_request request = OZC_TOKEN_REQUEST_INIT;
    return call.time == OZC_TIME_SYSTEM && request.lifetime == 300;
}
