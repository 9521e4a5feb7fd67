// Nest is ES modules, some of its companions are CommonJS and require it: under Jest that works once it is loaded.
import '@nestjs/common';
import '@nestjs/core';
