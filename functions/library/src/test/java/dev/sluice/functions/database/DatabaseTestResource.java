package dev.sluice.functions.database;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a {@code @QuarkusTest} a database of its own:
 *
 * <pre>{@code
 * @QuarkusTest
 * @WithTestResource(DatabaseTestResource.class)
 * class FlowTest {
 *     @InjectDatabase TestDatabase database;
 * }</pre>
 */
public final class DatabaseTestResource implements QuarkusTestResourceLifecycleManager {
    private @Nullable TestDatabase database;

    @Override
    public Map<String, String> start() {
        TestDatabase created = TestPostgres.create();
        database = created;
        return created.properties();
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(
                database, new TestInjector.AnnotatedAndMatchesType(InjectDatabase.class, TestDatabase.class));
    }

    @Override
    public void stop() {
        if (database != null) {
            database.close();
            database = null;
        }
    }
}
