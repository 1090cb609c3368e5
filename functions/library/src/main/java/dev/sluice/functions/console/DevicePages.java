package dev.sluice.functions.console;

import dev.sluice.functions.api.Door;
import dev.sluice.functions.api.OnBehalf;
import dev.sluice.functions.api.TokenBuckets;
import dev.sluice.functions.auth.DeviceAuthorizations;
import dev.sluice.functions.auth.SignInRate;
import dev.sluice.functions.sql.RequestException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jboss.resteasy.reactive.RestForm;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody who is signed in grants a device to be their client, by the code that it shows (RFC 8628, section 3.3). To
 * open the page grants nothing, whatever stands in its address: whoever sent it could be the one whose device it is.
 */
@Path(Door.PAGES + "{account}/device")
@Produces(PageResponse.HTML)
@Consumes({MediaType.APPLICATION_FORM_URLENCODED, MediaType.WILDCARD})
@SignedIn(SignedIn.Who.ANYBODY)
@OnBehalf
@RunOnVirtualThread
public class DevicePages {
    private static final String CODE = "user_code";

    /** Of wrong codes, for each session and each address. */
    @Singleton
    static class WrongCodes {
        private static final int MOST = 5;

        private final TokenBuckets<String> left =
                new TokenBuckets<>(MOST, (double) MOST / DeviceAuthorizations.LIFE.toSeconds(), System::nanoTime);

        Duration look(List<String> of) {
            return of.stream().map(left::look).max(Duration::compareTo).orElse(Duration.ZERO);
        }

        void count(List<String> of) {
            of.forEach(left::take);
        }
    }

    private final Visitor visitor;
    private final Frames frames;
    private final PageFilter pages;
    private final DeviceAuthorizations authorizations;
    private final SignInRate rate;
    private final WrongCodes wrong;

    @Inject
    DevicePages(
            Visitor visitor,
            Frames frames,
            PageFilter pages,
            DeviceAuthorizations authorizations,
            SignInRate rate,
            WrongCodes wrong) {
        this.visitor = visitor;
        this.frames = frames;
        this.pages = pages;
        this.authorizations = authorizations;
        this.rate = rate;
        this.wrong = wrong;
    }

    /** Shows the device that shows this code, or asks for one. */
    @GET
    public Response show(@RestQuery(CODE) @Nullable String code) {
        return code == null
                ? form(Status.OK, new Fields())
                : waiting(code, device -> PageResponse.page(Templates.device(frames.of("device"), device, code)));
    }

    @POST
    @Path("grant")
    public Response grant(@RestForm(CODE) @Nullable String code, @RestForm @Nullable String form) {
        return decide(code, form, true);
    }

    @POST
    @Path("deny")
    public Response deny(@RestForm(CODE) @Nullable String code, @RestForm @Nullable String form) {
        return decide(code, form, false);
    }

    private Response decide(@Nullable String code, @Nullable String form, boolean granted) {
        return frames.sent(
                form,
                () -> waiting(code == null ? "" : code, device -> {
                    if (granted) {
                        authorizations.grant(visitor.session().person(), device);
                    } else {
                        authorizations.deny(device);
                    }
                    return PageResponse.page(Templates.deviceDecided(frames.of("device"), device, granted));
                }));
    }

    private Response waiting(String code, Function<DeviceAuthorizations.Waiting, Response> found) {
        List<String> of = List.of("session " + visitor.session().tokenId(), "address " + rate.address());
        Duration wait = wrong.look(of);
        if (!wait.isZero()) {
            return pages.tooOften(wait);
        }
        Optional<DeviceAuthorizations.Waiting> device = authorizations.find(code);
        if (device.isEmpty()) {
            wrong.count(of);
            return form(
                    PageResponse.INVALID,
                    new Fields()
                            .with(CODE, code)
                            .wrong(
                                    CODE,
                                    "No device waits with this code: look again, or ask for another on the device. It is"
                                            + " good for " + DeviceAuthorizations.LIFE.toMinutes()
                                            + " minutes, once."));
        }
        try {
            return found.apply(device.get());
        } catch (RequestException meanwhile) {
            return form(PageResponse.INVALID, new Fields().with(CODE, code).refused(meanwhile));
        }
    }

    private Response form(StatusType status, Fields fields) {
        return PageResponse.page(status, Templates.deviceCode(frames.of("device"), fields));
    }
}
