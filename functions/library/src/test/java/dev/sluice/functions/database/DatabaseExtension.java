package dev.sluice.functions.database;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a plain test class, without Quarkus, a database of its own: {@code @ExtendWith(DatabaseExtension.class)} and a
 * parameter of type {@link TestDatabase} in its constructor or methods; all parameters of a class are the same database.
 */
public final class DatabaseExtension implements ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE =
            ExtensionContext.Namespace.create(DatabaseExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestDatabase.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        ExtensionContext.Store store = context.getRoot().getStore(NAMESPACE);
        return store.computeIfAbsent(context.getRequiredTestClass(), key -> TestPostgres.create(), TestDatabase.class);
    }
}
