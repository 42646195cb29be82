namespace Hyperion;

/// <summary>Keeps a field off the wire; it has its type's default after deserialisation.</summary>
[AttributeUsage(AttributeTargets.Field)]
public sealed class IgnoreAttribute : Attribute;
