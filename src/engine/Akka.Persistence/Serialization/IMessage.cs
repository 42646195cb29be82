namespace Akka.Persistence.Serialization;

/// <summary>Marks what the persistence extension itself serialises.</summary>
public interface IMessage;
