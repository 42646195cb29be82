using System.Security;

namespace Hyperion.Internal
{
    /// <summary>A type that is known to be dangerous was to be serialised or deserialised.</summary>
    public class EvilDeserializationException : SecurityException
    {
        /// <summary>Names the refused type.</summary>
        public EvilDeserializationException(string message, string typeString) : base($"{message} [{typeString}]") =>
            BadTypeString = typeString;

        /// <summary>The name of the refused type.</summary>
        public string BadTypeString { get; }
    }

    /// <summary>The <see cref="ITypeFilter"/> refused a type.</summary>
    public class UserEvilDeserializationException(string message, string typeString)
        : EvilDeserializationException(message, typeString);
}

namespace Hyperion.ValueSerializers
{
    /// <summary>A type that cannot travel: a delegate, a stream, a thread, ...</summary>
    public class UnsupportedTypeException(Type t, string msg) : Exception(msg)
    {
        /// <summary>The type in question.</summary>
        public Type Type = t;
    }
}

namespace Hyperion.SerializerFactories
{
    /// <summary>
    /// Stands in constructors for Hyperion's user-defined serializer factories, which this engine has not:
    /// use a <see cref="Surrogate"/> instead.
    /// </summary>
    public abstract class ValueSerializerFactory
    {
        internal ValueSerializerFactory()
        {
        }
    }
}
