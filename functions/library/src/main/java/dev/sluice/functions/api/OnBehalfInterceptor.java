package dev.sluice.functions.api;

import dev.sluice.functions.sql.Acting;
import jakarta.annotation.Priority;
import jakarta.inject.Inject;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;

/** What {@link OnBehalf} means. */
@OnBehalf
@Interceptor
@Priority(Interceptor.Priority.APPLICATION)
class OnBehalfInterceptor {
    private final CurrentRequest request;

    @Inject
    OnBehalfInterceptor(CurrentRequest request) {
        this.request = request;
    }

    @AroundInvoke
    Object act(InvocationContext invocation) throws Exception {
        return ScopedValue.where(Acting.CURRENT, request.acting()).call(invocation::proceed);
    }
}
