namespace Hyperion;

/// <summary>
/// Part of Hyperion's interface: in this engine every message is complete in itself, so a session holds nothing.
/// </summary>
public class SerializerSession(Serializer serializer)
{
    /// <summary>The serializer that made the session.</summary>
    public readonly Serializer Serializer = serializer;
}

/// <summary>
/// Part of Hyperion's interface: in this engine every message is complete in itself, so a session holds nothing.
/// </summary>
public class DeserializerSession(Serializer serializer)
{
    /// <summary>The serializer that made the session.</summary>
    public readonly Serializer Serializer = serializer;
}
