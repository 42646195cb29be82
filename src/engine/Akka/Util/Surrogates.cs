using Akka.Actor;

namespace Akka.Util;

/// <summary>The form in which an object that belongs to one actor system travels or is stored.</summary>
public interface ISurrogate
{
    ISurrogated FromSurrogate(ActorSystem system);
}

/// <summary>An object that belongs to one actor system, and can be turned into a form that does not.</summary>
public interface ISurrogated
{
    ISurrogate ToSurrogate(ActorSystem system);
}
