namespace Akka.Zab.Client;

/// <summary>One of the things that a connection is known by.</summary>
/// <param name="Scheme">How it was identified: <c>digest</c>, <c>ip</c>, <c>x509</c>, <c>sasl</c>, <c>super</c>.</param>
/// <param name="Id">Who, in the scheme's own form.</param>
public readonly record struct Identity(string Scheme, string Id);
