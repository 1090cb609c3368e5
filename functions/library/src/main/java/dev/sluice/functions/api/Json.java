package dev.sluice.functions.api;

import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.Boolean;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.EmptyString;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.Float;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.Integer;
import static com.fasterxml.jackson.databind.cfg.CoercionInputShape.String;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.deser.InstantDeserializer;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Instant;

/** JSON as the API has it: snake_case, times as text, nothing taken that is not known, or for what it is not. */
@Singleton
public class Json implements ObjectMapperCustomizer {
    /** After the modules for times, over which ours goes. */
    @Override
    public int priority() {
        return MINIMUM_PRIORITY;
    }

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .setDefaultPropertyInclusion(JsonInclude.Include.ALWAYS)
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        refuse(mapper, LogicalType.Textual, Integer, Float, Boolean);
        refuse(mapper, LogicalType.Boolean, Integer, Float, String, EmptyString);
        refuse(mapper, LogicalType.Integer, Float, Boolean, String, EmptyString);
        refuse(mapper, LogicalType.OtherScalar, EmptyString);
        mapper.registerModule(new SimpleModule().addDeserializer(Instant.class, new Times()));
    }

    /** A number could be seconds, or milliseconds. */
    private static final class Times extends StdDeserializer<Instant> {
        private static final long serialVersionUID = 1L;

        Times() {
            super(Instant.class);
        }

        @Override
        public Instant deserialize(JsonParser parser, DeserializationContext context) throws IOException {
            return parser.hasToken(JsonToken.VALUE_STRING) && !parser.getText().isBlank()
                    ? InstantDeserializer.INSTANT.deserialize(parser, context)
                    : (Instant) context.handleUnexpectedToken(Instant.class, parser);
        }
    }

    private static void refuse(ObjectMapper mapper, LogicalType type, CoercionInputShape... others) {
        for (CoercionInputShape other : others) {
            mapper.coercionConfigFor(type).setCoercion(other, CoercionAction.Fail);
        }
    }
}
