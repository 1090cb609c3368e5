package dev.sluice.functions.api;

import io.vertx.ext.web.RoutingContext;

/** Which listener a request came in by. */
public enum Door {
    /** For programs and devices. */
    API,
    /** For people with a browser. */
    WEB,
    /** For operators on the portal's host, whose secret was checked there. */
    ADMIN,
    /** For whoever is on the portal's host: health and metrics. */
    HOST;

    /** Below this path is what operators alone may do. */
    public static final String OPERATOR = "/operator/";

    /** Below this path come those who prove themselves by a signature or a token of their own. */
    public static final String INTEGRATIONS = "/integrations/";

    /** Below this path clients are signed in and out, which have nothing yet to prove themselves by. */
    public static final String OAUTH = "/oauth/";

    /** Below this path are the pages that people see. What they open has no such prefix. */
    public static final String PAGES = "/web/";

    /** Below this path come directories, whose bodies may be larger than others. */
    public static final String SCIM = INTEGRATIONS + "scim/";

    private static final String KEY = Door.class.getName();

    /** Notes that this request came in here. */
    public void mark(RoutingContext context) {
        context.put(KEY, this);
    }

    /** By which door this request came. */
    public static Door of(RoutingContext context) {
        return context.get(KEY, API);
    }
}
