package dev.sluice.functions.console;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;

/** The pages, each with what it shows. All of that is text: what stands in it is escaped. */
@CheckedTemplate(basePath = "console")
final class Templates {
    private Templates() {}

    /** @param accounts to which this browser is signed in */
    static native TemplateInstance landing(List<SignInPages.Entrance> accounts);

    static native TemplateInstance signIn(String slug, boolean ended);

    static native TemplateInstance link(String slug, String name, String token, String form);

    static native TemplateInstance overview(Frame frame, Overview overview);

    /** @param request its id, by which whoever runs the portal finds it in the log */
    static native TemplateInstance error(String title, String text, String request);
}
