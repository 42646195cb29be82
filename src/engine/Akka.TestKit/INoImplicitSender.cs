namespace Akka.TestKit;

/// <summary>Marks a test whose messages, sent without naming a sender, shall have none.</summary>
public interface INoImplicitSender;
