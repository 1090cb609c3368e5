package dev.sluice.functions.auth;

import dev.sluice.functions.api.CurrentRequest;
import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.Envelope;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.settings.WebAddress;
import dev.sluice.functions.sql.RequestException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** How an admin comes in where no mail can be sent: by a link that an operator hands them. */
@Path(Door.OPERATOR + "sign_in_links")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@Tag(name = "Operator", description = "What only whoever runs the portal may do, on the admin listener.")
@OnBehalf
@RunOnVirtualThread
public class SignInLinkApi {
    /** @param actor id, e-mail address or name of an admin; the account's first if it is absent */
    @Schema(name = "SignInLinkWanted")
    public record Wanted(
            @Size(max = 255, message = "has 255 characters at most") @Nullable String actor) {}

    /** What is asked for, by its name. */
    @Schema(name = "SignInLinkBody")
    public record Body(@Valid @Nullable Wanted signInLink) {}

    /** @param url to be opened once, until then */
    public record SignInLinkView(String url, Instant expiresAt) {}

    private final Sessions sessions;
    private final WebAddress web;
    private final CurrentRequest request;

    @Inject
    SignInLinkApi(Sessions sessions, WebAddress web, CurrentRequest request) {
        this.sessions = sessions;
        this.web = web;
        this.request = request;
    }

    @POST
    @Operation(
            summary = "Make a link that signs an admin in",
            description = "With a browser, once, within an hour. The header Sluice-Account names the account.")
    public RestResponse<Envelope.One<SignInLinkView>> create(
            @Valid @RequestBody(required = false) @Nullable Body body) {
        String actor = body == null || body.signInLink() == null
                ? null
                : body.signInLink().actor();
        UUID account = request.accountId();
        var link = actor == null
                ? sessions.inviteFirst(account)
                        .orElseThrow(
                                () -> RequestException.argument("actor", "The account has no admin who could sign in."))
                : sessions.invite(account, actor);
        return RestResponse.status(
                RestResponse.Status.CREATED, new Envelope.One<>(new SignInLinkView(link.url(web), link.expiresAt())));
    }
}
