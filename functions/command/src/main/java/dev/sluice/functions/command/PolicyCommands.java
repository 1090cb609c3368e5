package dev.sluice.functions.command;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "policy",
        mixinStandardHelpOptions = true,
        description = "Policies: which group may reach which resource.")
final class PolicyCommands {
    private static final String WHICH = "Its id, or the name or address of its resource if that has one policy only.";

    private final Session session;

    PolicyCommands(Session session) {
        this.session = session;
    }

    @Command(description = "List policies.")
    int list(
            @Mixin Output output,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Only of this account.")
                    String account) {
        return session.run(output, "policy/list", new Arguments().with("account", account));
    }

    @Command(description = "Let a group reach a resource.")
    int create(
            @Mixin Output output,
            @Option(names = "--group", paramLabel = "GROUP", required = true, description = "Its name or id.")
                    String group,
            @Option(names = "--resource", paramLabel = "RESOURCE", required = true, description = "What it may reach.")
                    String resource,
            @Option(
                            names = "--condition",
                            paramLabel = "CONDITION",
                            description = "Such as 'remote_ip is_in_cidr 192.0.2.0/24'; repeatable, all must hold.")
                    List<String> conditions,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for them.")
                    String account) {
        return session.run(
                output,
                "policy/create",
                new Arguments()
                        .with("group", group)
                        .with("resource", resource)
                        .with("conditions", conditions)
                        .with("account", account));
    }

    @Command(description = "Enable a policy again.")
    int enable(
            @Mixin Output output,
            @Parameters(paramLabel = "POLICY", description = WHICH) String policy,
            @Option(names = "--group", paramLabel = "GROUP", description = "Which, if the resource has several.")
                    String group,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output,
                "policy/enable",
                new Arguments().with("policy", policy).with("group", group).with("account", account));
    }

    @Command(description = "Disable a policy: access that rests on it ends at once.")
    int disable(
            @Mixin Output output,
            @Parameters(paramLabel = "POLICY", description = WHICH) String policy,
            @Option(names = "--group", paramLabel = "GROUP", description = "Which, if the resource has several.")
                    String group,
            @Option(names = "--account", paramLabel = "ACCOUNT", description = "Where to look for it.")
                    String account) {
        return session.run(
                output,
                "policy/disable",
                new Arguments().with("policy", policy).with("group", group).with("account", account));
    }
}
