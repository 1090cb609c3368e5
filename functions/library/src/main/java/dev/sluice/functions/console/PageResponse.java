package dev.sluice.functions.console;

import io.quarkus.qute.TemplateInstance;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;

/** How pages are answered with. */
final class PageResponse {
    static final String HTML = "text/html;charset=UTF-8";

    /** What was sent is shown again, with what is wrong beside it. */
    static final Response.StatusType INVALID = new UnprocessableContent();

    private PageResponse() {}

    static Response page(TemplateInstance page) {
        return page(Status.OK, page);
    }

    static Response page(Response.StatusType status, TemplateInstance page) {
        return Response.status(status).type(HTML).entity(page.render()).build();
    }

    /** To another page of ours, which is got; whatever a form did is not done again by going back. */
    static Response to(String path) {
        return Response.status(Status.SEE_OTHER)
                .header(HttpHeaders.LOCATION, path)
                .build();
    }

    /** RFC 9110, section 15.5.21. */
    private record UnprocessableContent() implements Response.StatusType {
        @Override
        public int getStatusCode() {
            return 422;
        }

        @Override
        public Status.Family getFamily() {
            return Status.Family.CLIENT_ERROR;
        }

        @Override
        public String getReasonPhrase() {
            return "Unprocessable Content";
        }
    }
}
