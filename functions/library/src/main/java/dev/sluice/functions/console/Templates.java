package dev.sluice.functions.console;

import dev.sluice.functions.account.AccountSettings;
import dev.sluice.functions.account.OwnAccountView;
import dev.sluice.functions.actor.ActorView;
import dev.sluice.functions.actor.GroupView;
import dev.sluice.functions.auth.DeviceAuthorizations;
import dev.sluice.functions.auth.TokenView;
import dev.sluice.functions.billing.BillingView;
import dev.sluice.functions.device.ClientView;
import dev.sluice.functions.device.GatewayView;
import dev.sluice.functions.directory.DirectoryView;
import dev.sluice.functions.directory.sync.HeldView;
import dev.sluice.functions.flow.Explanation;
import dev.sluice.functions.flow.Flow;
import dev.sluice.functions.identity.Identities;
import dev.sluice.functions.identity.IdentityProviderView;
import dev.sluice.functions.policy.PolicyTestRuns;
import dev.sluice.functions.policy.PolicyView;
import dev.sluice.functions.resource.ResourceView;
import dev.sluice.functions.signup.SignUps;
import dev.sluice.functions.site.SiteView;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The pages, each with what it shows. All of that is text: what stands in it is escaped. */
@CheckedTemplate(basePath = "console")
final class Templates {
    private Templates() {}

    /** @param accounts to which this browser is signed in */
    static native TemplateInstance landing(List<SignInPages.Entrance> accounts, Intent intent, boolean signUp);

    static native TemplateInstance signUp(Fields fields, String form);

    static native TemplateInstance signUpAsked(String email);

    static native TemplateInstance signUpConfirm(SignUps.Wanted wanted, String token, String form);

    /**
     * @param person who is signed in already, and may go on so; null for nobody
     * @param left by which somebody had signed in who has signed out now; null for anybody else
     * @param entrances by which somebody may sign in
     */
    static native TemplateInstance signIn(
            String slug,
            Intent intent,
            @Nullable String person,
            boolean ended,
            Identities.@Nullable Entrance left,
            List<Identities.Entrance> entrances,
            Fields fields,
            String form);

    /** @param minutes for which the code is good */
    static native TemplateInstance emailCode(String slug, Intent intent, long minutes, Input code, String form);

    static native TemplateInstance clientSignedIn(String slug, String person);

    static native TemplateInstance deviceCode(Frame frame, Fields fields);

    /** @param code as it was typed */
    static native TemplateInstance device(Frame frame, DeviceAuthorizations.Waiting waiting, String code);

    static native TemplateInstance deviceDecided(Frame frame, DeviceAuthorizations.Waiting waiting, boolean granted);

    static native TemplateInstance link(String slug, String name, String token, String form);

    static native TemplateInstance signOut(Frame frame);

    /**
     * @param over how long the charts look back
     * @param portal where devices reach it
     */
    static native TemplateInstance overview(
            Frame frame,
            Overview overview,
            List<Waiting> waiting,
            OverviewPages.Over over,
            List<Chart> charts,
            String portal);

    static native TemplateInstance sites(Frame frame, List<SiteView> sites, Pager pager, Input name);

    /** @param made a token that was made now; null for none */
    static native TemplateInstance site(Frame frame, SitePages.Site has, Fields fields, @Nullable MadeToken made);

    static native TemplateInstance deleteSite(Frame frame, SiteView site, SitePages.Ends ends);

    static native TemplateInstance resources(Frame frame, List<ResourceView> resources, Pager pager);

    /** @param sites of which some can serve it */
    static native TemplateInstance newResource(Frame frame, Map<UUID, String> sites, Fields fields);

    /** @param sites of which some can serve it */
    static native TemplateInstance editResource(
            Frame frame, ResourceView resource, Map<UUID, String> sites, ResourcePages.Ends ends, Fields fields);

    static native TemplateInstance resource(Frame frame, ResourceView resource, List<String> filters);

    static native TemplateInstance deleteResource(Frame frame, ResourceView resource, ResourcePages.Ends ends);

    static native TemplateInstance policies(Frame frame, List<PolicyView> policies, Fields fields, Pager pager);

    static native TemplateInstance newPolicy(Frame frame, PolicyPages.Choice choice, Fields fields);

    static native TemplateInstance policy(
            Frame frame, PolicyView policy, List<String> conditions, PolicyPages.Granted granted);

    /** @param kept conditions that have no field */
    static native TemplateInstance editPolicy(
            Frame frame, PolicyView policy, List<String> kept, PolicyPages.Granted granted, Fields fields);

    static native TemplateInstance flows(Frame frame, List<Flow> flows, Fields fields, Pager pager);

    static native TemplateInstance people(Frame frame, List<ActorView> actors, Pager pager);

    static native TemplateInstance newPerson(Frame frame, Fields fields);

    /** @param made a token that was made now; null for none */
    static native TemplateInstance person(
            Frame frame, PeoplePages.Person person, @Nullable MadeToken made, Input password);

    static native TemplateInstance editPerson(Frame frame, ActorView actor, Fields fields);

    static native TemplateInstance deletePerson(Frame frame, PeoplePages.Person person);

    static native TemplateInstance groups(Frame frame, List<GroupView> groups, Pager pager, Input name);

    static native TemplateInstance group(Frame frame, GroupPages.Group has, Fields fields);

    static native TemplateInstance deleteGroup(Frame frame, GroupView group, GroupPages.Ends ends);

    static native TemplateInstance clients(Frame frame, List<ClientView> clients, Pager pager);

    static native TemplateInstance client(Frame frame, ClientPages.Client has);

    static native TemplateInstance deleteClient(Frame frame, ClientPages.Client has);

    static native TemplateInstance audit(Frame frame, List<AuditPages.Entry> entries, Fields fields, Pager pager);

    static native TemplateInstance providers(Frame frame, List<IdentityProviderView> providers, Pager pager);

    static native TemplateInstance newProvider(Frame frame, Fields fields);

    static native TemplateInstance provider(
            Frame frame, IdentityProviderView provider, ProviderPages.SignedInBy signedIn);

    static native TemplateInstance editProvider(Frame frame, IdentityProviderView provider, Fields fields);

    static native TemplateInstance deleteProvider(
            Frame frame, IdentityProviderView provider, ProviderPages.SignedInBy signedIn);

    /** @param sites where they stand */
    static native TemplateInstance gateways(
            Frame frame, List<GatewayView> gateways, Map<UUID, String> sites, Pager pager);

    static native TemplateInstance gateway(Frame frame, GatewayPages.Gateway has);

    static native TemplateInstance deleteGateway(Frame frame, GatewayPages.Gateway has);

    /** @param relays their addresses and ports */
    static native TemplateInstance relays(Frame frame, List<String> relays);

    /** @param enforced whether a change is refused that breaks one of them */
    static native TemplateInstance policyTests(Frame frame, List<PolicyTestRuns.Outcome> outcomes, boolean enforced);

    static native TemplateInstance newPolicyTest(Frame frame, Fields fields);

    static native TemplateInstance settings(Frame frame, AccountSettings account, Fields fields);

    /**
     * @param enabled whether anybody is billed
     * @param billing null where nothing is billed, or not yet
     * @param link where it is changed; null before anybody asks
     * @param error why nobody knows where
     */
    static native TemplateInstance billing(
            Frame frame,
            OwnAccountView account,
            boolean enabled,
            @Nullable BillingView billing,
            @Nullable String link,
            @Nullable String error);

    /** @param own by which whoever looks is signed in */
    static native TemplateInstance tokens(Frame frame, List<TokenView> tokens, UUID own, Pager pager);

    static native TemplateInstance directories(Frame frame, List<DirectoryView> directories, Pager pager);

    static native TemplateInstance newDirectory(Frame frame, Fields fields);

    /** @param error why something was not done; null for nothing */
    static native TemplateInstance directory(
            Frame frame, DirectoryPages.Directory has, DirectoryPages.Made made, @Nullable String error);

    static native TemplateInstance deleteDirectory(Frame frame, DirectoryView directory);

    static native TemplateInstance held(Frame frame, DirectoryView directory, List<HeldView> held, Pager pager);

    /** @param explanation null before anything was asked */
    static native TemplateInstance explain(Frame frame, Fields fields, @Nullable Explanation explanation);

    /** @param request its id, by which whoever runs the portal finds it in the log */
    static native TemplateInstance error(String title, String text, String request);
}
