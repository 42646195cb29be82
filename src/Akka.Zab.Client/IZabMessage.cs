namespace Akka.Zab.Client;

/// <summary>
/// Marks every message that Akka.Zab sends between actor systems. Serialisation is bound to this one interface;
/// anything else that arrives on the wire is refused.
/// </summary>
public interface IZabMessage;
