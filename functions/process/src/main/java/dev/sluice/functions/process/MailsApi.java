package dev.sluice.functions.process;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.settings.MailSettings;
import io.quarkus.mailer.MockMailbox;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** What would have been mailed, of a portal that was started with {@code --development}. */
@Path(Door.OPERATOR + "mails")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class MailsApi {
    /** @param subject and text as people would have got them */
    public record MailView(String subject, String text) {}

    /** What somebody would have got. */
    public record Mails(List<MailView> data) {}

    private final MockMailbox mailbox;
    private final boolean listed;

    @Inject
    MailsApi(MockMailbox mailbox, MailSettings settings) {
        this.mailbox = mailbox;
        this.listed = settings.listed();
    }

    @GET
    @Operation(
            summary = "List what would have been mailed to an address",
            description = "The oldest first. Only a portal that was started with --development keeps any.")
    public Mails list(@RestQuery @Nullable String to) {
        if (!listed) {
            throw new NotFoundException();
        }
        if (to == null) {
            throw new BadRequestException("'to' is the address.");
        }
        return new Mails(mailbox.getMailsSentTo(to).stream()
                .map(mail -> new MailView(mail.getSubject(), mail.getText()))
                .toList());
    }
}
