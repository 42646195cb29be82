using Akka.Actor;

namespace Akka.Remote.Transport;

/// <summary>A remote system could not be reached, or refused the connection.</summary>
public class InvalidAssociationException(string message, Exception? cause = null) : AkkaException(message, cause);
