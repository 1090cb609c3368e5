package dev.sluice.functions.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.PageQuery;
import dev.sluice.functions.entity.PageRequest;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The record of decisions and changes. It is written by the database alone. */
@Path("/audit_entries")
@Tag(name = "Audit", description = "What was decided or changed: by whom, why, and what it was before and after.")
@OnBehalf
@RunOnVirtualThread
public class AuditApi {
    static final String JSON_LINES = "application/x-ndjson";

    /** So many entries are read at once for an export. */
    private static final int STRETCH = 1000;

    private final AuditService audit;
    private final CurrentRequest request;
    private final ObjectMapper json;

    @Inject
    AuditApi(AuditService audit, CurrentRequest request, ObjectMapper json) {
        this.audit = audit;
        this.request = request;
        this.json = json;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON + ";qs=1")
    @Operation(
            summary = "List audit entries",
            description = "The latest first. Whoever accepts application/x-ndjson gets all of them, one in a line.")
    public Envelope.Many<AuditEntry> list(@BeanParam AuditFilter filter, @BeanParam PageQuery query) {
        var page = query.request();
        return Envelope.of(audit.page(request.accountId(), filter, page), page.limit());
    }

    @GET
    @Produces(JSON_LINES + ";qs=0.5")
    @Operation(hidden = true)
    public StreamingOutput export(@BeanParam AuditFilter filter) {
        UUID account = request.accountId();
        var first = audit.page(account, filter, PageRequest.first(STRETCH));
        return output -> {
            var page = first;
            while (true) {
                for (AuditEntry entry : page.rows()) {
                    output.write(json.writeValueAsBytes(entry));
                    output.write('\n');
                }
                PageRequest.@Nullable Cursor next = page.next();
                if (next == null) {
                    return;
                }
                page = audit.page(account, filter, new PageRequest(STRETCH, next));
            }
        };
    }
}
