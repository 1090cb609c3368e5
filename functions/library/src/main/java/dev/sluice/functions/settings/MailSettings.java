package dev.sluice.functions.settings;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Whether mails are sent. By which server are Quarkus' own settings, {@code quarkus.mailer}. */
@ConfigMapping(prefix = "sluice.mail")
public interface MailSettings {
    /** {@code SLUICE_MAIL_FROM}: without it nothing is sent. */
    Optional<String> from();

    /** Whether they are kept and listed to the operator, and not sent: for development. */
    @WithDefault("false")
    boolean listed();
}
