package dev.sluice.functions.mail;

import io.quarkus.mailer.Mail;
import io.quarkus.mailer.reactive.ReactiveMailer;
import io.vertx.core.Vertx;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Hands mails to the mail server. */
@ApplicationScoped
public class Postbox {
    private static final Duration WITHIN = Duration.ofSeconds(30);

    private final Vertx vertx;
    private final ReactiveMailer mailer;

    @Inject
    public Postbox(Vertx vertx, ReactiveMailer mailer) {
        this.vertx = vertx;
        this.mailer = mailer;
    }

    /**
     * Returns when the server has taken them all.
     *
     * @throws MailException when it has not taken one of them, or is slow
     */
    public void send(Mail... mails) {
        var sent = new CompletableFuture<Void>();
        // Asked from a thread of ours, the client connects on one event loop and listens from another: a server that
        // greets
        // between the two is not heard, and both wait.
        vertx.getOrCreateContext()
                .runOnContext(
                        ignored -> mailer.send(mails).subscribe().with(sent::complete, sent::completeExceptionally));
        try {
            sent.get(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new MailException(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            throw new MailException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MailException(e);
        }
    }
}
