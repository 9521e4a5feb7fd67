import { describe, expect, it } from '@jest/globals';
import { record, setUpClient, statusData, URL } from '../spec/set-up-client';

describe('SseTestingController', () => {
  it('throws where a connection is missing, or where there are two', () => {
    const { client, server } = setUpClient();
    expect(() => server.expectOne(URL)).toThrow('found 0');
    record(client.connect('/a?x=1'));
    record(client.connect('/a?x=2'));
    expect(() => server.expectNone(/^\/a/)).toThrow('there is 2');
    expect(() => server.verify()).toThrow('/a?x=1, /a?x=2');
    expect(() => server.expectOne((url) => url.startsWith('/a'))).toThrow('found 2');
    expect(() => server.expectPage('/a')).toThrow('found 0');
  });

  it('tells what is left behind', () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    expect(() => server.verifyNothingLeft()).toThrow('1 connection(s)');
    server.expectOne(URL).drop();
    expect(() => server.verifyNothingLeft()).toThrow('1 timer(s)');
  });

  it('lets a server do only what a server can', () => {
    const { client, server } = setUpClient();
    record(client.connect(URL));
    const stream = server.expectOne(URL);
    expect(() => stream.message('status', statusData(), '1')).toThrow('open connection');
    stream.open();
    expect(() => stream.accept()).toThrow('being made');
    stream.drop();
    stream.drop();
    expect(() => stream.heartbeat()).toThrow('open connection');
  });

  it('repeats the last id on messages without one, as EventSource does', () => {
    const { client, server } = setUpClient();
    const got = record(client.connect(URL));
    server.expectOne(URL).open().message('status', statusData(), '3').message('progress', {});
    expect(got.ids).toEqual(['3', '3']);
  });
});
