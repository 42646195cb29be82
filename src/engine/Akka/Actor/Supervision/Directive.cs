namespace Akka.Actor;

/// <summary>What a supervisor does with a failed child.</summary>
public enum Directive
{
    /// <summary>Go on as if nothing had happened.</summary>
    Resume,

    /// <summary>Replace the instance by a new one.</summary>
    Restart,

    /// <summary>Fail in turn.</summary>
    Escalate,

    /// <summary>Stop the child for good.</summary>
    Stop,
}

/// <summary>Pairs for <see cref="Decider"/>.</summary>
public static class DirectiveExtensions
{
    public static KeyValuePair<Type, Directive> When<TException>(this Directive self) where TException : Exception =>
        new(typeof(TException), self);
}
