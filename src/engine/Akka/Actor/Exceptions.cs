namespace Akka.Actor;

/// <summary>The base of the engine's own exceptions.</summary>
public abstract class AkkaException : Exception
{
    protected AkkaException()
    {
    }

    protected AkkaException(string? message, Exception? cause = null)
        : base(message, cause)
    {
    }

    protected Exception? Cause => InnerException;
}

/// <summary>Another actor lives under that name already, or the name is not a valid one.</summary>
public class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException(string message)
        : base(message)
    {
    }

    public InvalidActorNameException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>No answer came in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>A selection did not lead to an actor.</summary>
public class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException()
    {
    }

    public ActorNotFoundException(string? message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>An actor could not be created; its supervisor stops it unless told otherwise.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException()
    {
    }

    public ActorInitializationException(string message)
        : base(message)
    {
    }

    public ActorInitializationException(string message, Exception cause)
        : base(message, cause)
    {
    }

    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause) => Actor = actor;

    public IActorRef? Actor { get; }

    public override string ToString() => Actor is null ? base.ToString() : $"{Actor}: {base.ToString()}";
}

/// <summary>PreRestart of the failed instance failed itself.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor,
        $"PreRestart of {actor} failed ({restartException.GetType()}: {restartException.Message}) while it was "
        + $"restarted because of {cause.GetType()}: {cause.Message}"
        + (optionalMessage is null ? "" : $" at a {optionalMessage.GetType()}"), restartException);

/// <summary>The new instance could not be created, or its PostRestart failed.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor,
        $"The new instance of {actor} failed to start ({cause.GetType()}: {cause.Message}); "
        + $"the one before had failed because of {originalCause.GetType()}: {originalCause.Message}", cause)
{
    public Exception OriginalCause => originalCause;
}

/// <summary>What an actor that is told <see cref="Kill"/> fails with.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException()
    {
    }

    public ActorKilledException(string message)
        : base(message)
    {
    }
}

/// <summary>An actor did not handle the <see cref="Terminated"/> of an actor that it watches.</summary>
public class DeathPactException(IActorRef deadActor)
    : AkkaException($"The watched actor {deadActor} has terminated, and its watcher does not handle Terminated.")
{
    public IActorRef DeadActor => deadActor;
}

/// <summary>The actor or its system is not in a state in which this can be done.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>The message is none, null for one.</summary>
public class InvalidMessageException : AkkaException
{
    public InvalidMessageException()
        : this("A message must not be null.")
    {
    }

    public InvalidMessageException(string message)
        : base(message)
    {
    }
}

/// <summary>A logger named in akka.loggers could not be started.</summary>
public class LoggerInitializationException : AkkaException
{
    public LoggerInitializationException()
    {
    }

    public LoggerInitializationException(string message)
        : base(message)
    {
    }

    public LoggerInitializationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>The scheduler could not take the job.</summary>
public sealed class SchedulerException(string message) : AkkaException(message);

/// <summary>A bounded stash is full.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);
