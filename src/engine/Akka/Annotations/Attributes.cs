namespace Akka.Annotations;

/// <summary>Marks what is for the engine itself, though assemblies other than Akka call it.</summary>
[AttributeUsage(AttributeTargets.All)]
public sealed class InternalApiAttribute : Attribute;
